/** Where the control server listens unless told otherwise. */
export const CONTROL_HOST: string = "127.0.0.1";

/** The control server's port unless told otherwise. */
export const CONTROL_PORT: number = 8787;

/** Where the commands that look at a running factory find it unless told otherwise. */
export const CONTROL_URL: string = `http://${CONTROL_HOST}:${CONTROL_PORT}`;

/** Where the gateway listens unless told otherwise. */
export const GATEWAY_HOST: string = "127.0.0.1";

/** The gateway's port unless told otherwise. */
export const GATEWAY_PORT: number = 8080;
