// Our mark on what we create: clouds have no idempotency key, so after a lost answer we look for our own mark first.

/** Allowed as a metadata key by Nova, Cinder and both commercial clouds. */
const KEY = 'flight-deck-order';

/** Metadata that says which order made it. */
export function correlationMetadata(correlation: string): Record<string, string> {
  return { [KEY]: correlation };
}

export function isMadeBy(metadata: Record<string, string>, correlation: string): boolean {
  return metadata[KEY] === correlation;
}
