// The part of oidc-provider that the simulator uses; the package ships no types.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  type Interaction = { uid: string; params: Record<string, unknown>; prompt: { name: string } };
  type Token = { accountId: string; clientId: string; isValid: boolean };

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: unknown): Promise<void>;
    AccessToken: { find(value: string): Promise<Token | undefined> };
    Grant: {
      new (of: { accountId: string; clientId: string }): { addOIDCScope(scope: string): void; save(): Promise<string> };
      find(id: string): Promise<object | undefined>;
    };
    on(event: string, listener: (...facts: unknown[]) => void): void;
  }
}
