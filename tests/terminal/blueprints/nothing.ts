// A module that is no blueprint.
export const name = "nothing";
