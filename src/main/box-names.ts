/** File in the data directory that holds the token of the local API, for the command line. */
export const tokenFile = "api-token";

/** Endpoint id of the box itself. */
export const proxierId = "proxier";
