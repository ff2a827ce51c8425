export type Versions = { placeholder?: never };
