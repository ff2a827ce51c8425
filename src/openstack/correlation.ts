// Our mark on what we create: clouds have no idempotency key, so after a lost answer we look for our own mark first.

/** Allowed as a metadata key by Nova, Cinder and both commercial clouds. */
const KEY = 'flight-deck-order';

/** Metadata that says which order made it. */
export function correlationMetadata(correlation: string): Record<string, string> {
  return { [KEY]: correlation };
}

/** The same where there is no metadata, but a description that people see, too. */
export function correlationNote(correlation: string): string {
  return `Made by ECS Flight Deck, ${correlation}`;
}

/** For the body of what is created. */
export function descriptionOf(correlation: string | null): { description?: string } {
  return correlation === null ? {} : { description: correlationNote(correlation) };
}

export function isMadeBy(metadata: Record<string, string>, correlation: string): boolean {
  return metadata[KEY] === correlation;
}
