/** placeholder, replaced by helper */
export interface HistogramSnapshot { counts: number[]; count: number; sum: number; max: number }
