// `npm run test:cloud`: the contract tests against the OpenStack that OS_* names. Everything the tests make there, they
// also remove. What a cloud cannot show is listed at the end, with the reason.
import { parseCLI, startVitest, type Reporter, type TestModule } from 'vitest/node';
import { missingVariables } from './support/environment.ts';

const USAGE = `
The contract tests need a cloud and a member of a project in it:
  OS_AUTH_URL  OS_USERNAME  OS_PASSWORD  OS_PROJECT_NAME
and take, as the openstack command does, OS_USER_DOMAIN_NAME, OS_PROJECT_DOMAIN_NAME, OS_REGION_NAME, OS_INTERFACE, OS_CACERT.
More people and things show more cases; all of them are optional, and said at the end when they were missed:
  CLOUD_TEST_COLLEAGUE  CLOUD_TEST_READER  CLOUD_TEST_ADMINISTRATOR   each name:password
  CLOUD_TEST_FLAVORS=small,medium  CLOUD_TEST_IMAGE  CLOUD_TEST_NETWORK
  CLOUD_TEST_FLAVOR_DISABLED  CLOUD_TEST_FLAVOR_FITS_NO_HOST  CLOUD_TEST_FLAVOR_FAILS_ON_HOST
  CLOUD_TEST_BOOT_DISKS=work (or fail: where disks cannot be filled from images)
  OIDC_ISSUER_URL  OIDC_CLIENT_ID  OIDC_CLIENT_SECRET  OS_IDENTITY_PROVIDER  OS_PROTOCOL  CLOUD_TEST_BOT_PORT (whose
  http://127.0.0.1:PORT/login/callback the provider knows)
  CLOUD_TEST_REMEMBERS_TOKENS=1  CLOUD_TEST_OUTAGES=program (called with: down|up network|placement|computes)
Without a cloud, npm test runs the same tests against the simulated one.
`;

const missing = missingVariables(process.env);
if (missing.length > 0) {
  process.stderr.write(`Not set: ${missing.join(', ')}\n${USAGE}`);
  process.exit(78);
}
process.env.CLOUD_UNDER_TEST = 'openstack';

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
await startVitest('test', filter, {
  ...options,
  dir: 'test/cloud',
  // One after the other: the quota of a project is small, and other people use it, too.
  fileParallelism: false,
  reporters: ['default', unshown()],
});

/** At the end, each case that this cloud could not show. */
function unshown(): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[]) {
      if (modules.length === 0) return;
      const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
      if (skipped.length === 0) return console.log('\nThis cloud could show every case.');
      console.log(`\nThis cloud could not show ${skipped.length} of the cases:`);
      for (const test of skipped) {
        const result = test.result();
        const why = result.state === 'skipped' ? result.note : undefined;
        console.log(`  - ${test.fullName}: ${why ?? 'no reason given'}`);
      }
    },
  };
}
