export type Command = { command: string; description: string; usageHint: string };
export type Offer = { label: string; detail: string; hint: string; fill: string };
export function offersFor(text: string, commands: Command[]): Offer[];
export function alternatives(hint: string): { word: string; rest: string }[];
