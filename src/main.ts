// The process, begun by start.js: read the environment, start, serve until told to stop, drain, exit.
import { flushCompileCache } from 'node:module';
import type { App } from './app.ts';
import type { Config } from './config.ts';

/** sysexits.h EX_CONFIG: the environment is wrong, starting again will not help. */
const EXIT_CONFIG = 78;

await main();

async function main(): Promise<void> {
  const { createApp } = await import('./app.ts');
  const { createLog } = await import('./log.ts');
  const config = await configuration();
  const log = createLog(config.logLevel);
  // Something has failed that nobody waits for: the state of this process is unknown, a restart is not.
  process.on('uncaughtException', (err, origin) => {
    log.error({ err, origin }, 'failed where nobody expected it');
    process.exit(1);
  });
  const app = createApp(config, { log });
  stopOnSignals(app);
  await start(app);
  // Written only at a clean exit otherwise, and the next start is what an outage waits for.
  flushCompileCache();
}

async function configuration(): Promise<Config> {
  const { ConfigError, readConfig } = await import('./config.ts');
  try {
    return readConfig();
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(EXIT_CONFIG);
    }
    throw error;
  }
}

async function start(app: App): Promise<void> {
  try {
    await app.start();
  } catch (error) {
    app.log.error({ err: error }, 'could not start');
    process.exit(1);
  }
}

function stopOnSignals(app: App): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    app.log.info({ signal }, 'stopping');
    await app.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}
