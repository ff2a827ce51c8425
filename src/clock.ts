/** Milliseconds since the epoch. Handed in everywhere, so that tests can move time. */
export type Now = () => number;
