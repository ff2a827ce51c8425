// The demo on a real OpenStack, named by OS_*: the workspace is still simulated, the cloud and its sign-in are not.
import { botEnvironment } from '../cloud/support/environment.ts';
import { createConnector } from '../cloud/support/people.ts';
import { openWorkspace } from '../support/outside.ts';
import { enterCast, makeKeys } from './cast.ts';
import { createObservedPanel, type Eyes } from './observed-panel.ts';
import type { Stage } from './stage.ts';

/** Throws, saying what is missing, when the environment names no cloud, or no way to sign in to it. */
export async function openRealStage({ botPort, pageDir }: { botPort: number; pageDir: string }): Promise<Stage> {
  const env = botEnvironment(process.env);
  requireWays(env);
  const cast = await enterCast(process.env);
  const panel = await createObservedPanel(await eyesOf(cast));
  const workspace = await openWorkspace({ botPort, slack: { rateLimits: true, page: { dir: pageDir } } });
  // Last, so that nothing that goes wrong before leaves them behind.
  const keys = cast === null ? null : await makeKeys(cast);
  return {
    slackUrl: workspace.slack.url,
    panel,
    // The panel reads the calls off the bot's log.
    env: { ...workspace.env, ...env, LOG_LEVEL: 'debug' },
    hears: (line) => !panel.hears(line),
    told: [...(keys?.told ?? []), ...providerLines(env, workspace.env['PUBLIC_URL'] ?? '')],
    async close() {
      panel.close();
      await workspace.slack.close();
      await keys?.remove();
      await cast?.close();
    },
  };
}

function requireWays(env: Record<string, string>): void {
  if (!env['OS_AUTH_URL']) throw new Error('OS_AUTH_URL is not set. --cloud plays on the OpenStack that OS_* names.');
  if (process.env.OS_USERNAME || env['OIDC_ISSUER_URL']) return;
  throw new Error(
    'nobody could sign in. Set OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME for application credentials, or OIDC_* and OS_IDENTITY_PROVIDER for OpenID Connect.',
  );
}

async function eyesOf(cast: Awaited<ReturnType<typeof enterCast>>): Promise<Eyes> {
  if (cast === null) return null;
  const connection = await createConnector(cast.access)(cast.people.member);
  return { connection, projectName: cast.env.projectName };
}

function providerLines(env: Record<string, string>, publicUrl: string): string[] {
  if (!env['OIDC_ISSUER_URL']) return [];
  return [
    `Sign in with /ecs login, by ${env['OIDC_ISSUER_URL']}. It must know the address ${publicUrl}/login/callback;`,
    'DEMO_BOT_PORT keeps it the same from start to start.',
  ];
}
