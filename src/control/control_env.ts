/** Who asks: whoever may do everything, may look, or has shown no token that counts. */
export type Role = "admin" | "reader" | "nobody";

/** What the server knows of a client besides its request. */
export interface Peer {
  /** Its address, if it came over a wire. */
  readonly address?: string;
}

/** What middleware finds out about a request, for whatever comes after it. */
export interface ControlEnv {
  Bindings: Peer;
  Variables: {
    role: Role;
    requestId: string;
  };
}
