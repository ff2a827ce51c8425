// Whether a real cloud can fill disks from images: some have drivers that only pretend to have disks.
import { object, text } from '../../../src/openstack/json.ts';
import type { Account, CloudUnderTest } from './cloud-under-test.ts';
import type { CloudEnvironment } from './environment.ts';
import type { Connector } from './people.ts';

type Studio = { env: CloudEnvironment; connect: Connector; member: Account; image: string };

type Fates = Pick<CloudUnderTest, 'fillsBootDisks' | 'addBrokenDisk' | 'spoilBootDisk'>;

export function diskFates({ env, connect, member, image }: Studio): Fates {
  const works = { missing: 'its disks cannot be filled from images, or nobody said so (CLOUD_TEST_BOOT_DISKS=work)' };
  const fails = { missing: 'nothing makes a disk fail on it (CLOUD_TEST_BOOT_DISKS=fail)' };
  if (env.bootDisks !== 'fail') {
    return {
      fillsBootDisks: env.bootDisks === 'work' ? { given: true } : works,
      addBrokenDisk: fails,
      spoilBootDisk: fails,
    };
  }
  return {
    fillsBootDisks: works,
    spoilBootDisk: { given: () => undefined },
    addBrokenDisk: {
      async given(name) {
        const cloud = await connect(member);
        const volume = { name, size: 1, imageRef: image };
        const { body } = await cloud.call({ service: 'volume', method: 'POST', path: '/volumes', body: { volume } });
        return text(object(object(body)['volume'])['id']) ?? '';
      },
    },
  };
}
