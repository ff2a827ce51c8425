export type Reader = { now: number; timeZone?: string | undefined; hour12?: boolean | undefined };
export function formatDateMark(date: { epoch: number; format: string }, reader: Reader): string | null;
export function clock(at: number, reader: Reader, more?: Intl.DateTimeFormatOptions): string;
export function dayHeading(at: number, reader: Reader): string;
export function isoDay(at: number, reader: Reader): string;
export function ago(at: number, now: number): string;
