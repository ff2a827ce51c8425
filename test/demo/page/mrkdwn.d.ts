export type Mark =
  | { type: 'text'; text: string }
  | { type: 'break' }
  | { type: 'bold' | 'italic' | 'strike' | 'code' | 'pre' | 'quote'; children: Mark[] }
  | { type: 'link'; url: string; label: string }
  | { type: 'user' | 'channel' | 'usergroup'; id: string; label: string }
  | { type: 'broadcast'; range: string }
  | { type: 'date'; epoch: number; format: string; link: string; fallback: string }
  | { type: 'emoji'; name: string; char: string };
export function parseMrkdwn(text: string): Mark[];
