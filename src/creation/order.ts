// The one call that makes a server, and what its answer means. Which of them may be repeated is decided here only.
import { UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { type CloudError, isAmbiguous, isCloudError } from '../openstack/errors.ts';
import type { Secret } from '../openstack/secret.ts';
import { createServer, type NewServer } from '../openstack/server-lifecycle.ts';
import type { CloudFor } from '../workflow/way-in.ts';
import type { Creation, Spec } from './creation.ts';
import { wayIn } from './look.ts';
import type { Outcome } from './settle.ts';
import { refusedSentence } from './words.ts';

/** The order as the cloud gets it: a disk from the image that is deleted with the server. Pure. */
export function newServer(spec: Spec, correlation: string): NewServer {
  const { name, flavor, image, network, keyName, zone, disk } = spec;
  return {
    name,
    flavorId: flavor.id,
    imageId: image.id,
    bootDisk: disk && { ...disk, deleteWithServer: true },
    nics: network ? [{ networkId: network.id }] : [],
    keyName,
    zone,
    correlation,
  };
}

/** `keep`: puts the first password where only the requester gets it; it is told nowhere else. Throws only for bugs. */
export async function sendOrder(
  creation: Creation,
  { cloudFor, keep }: { cloudFor: CloudFor; keep(password: Secret): Promise<void> },
): Promise<Outcome> {
  let cloud: Cloud;
  try {
    const way = await wayIn(creation, cloudFor);
    if ('kind' in way) return way.kind === 'away' ? later(null) : { kind: way.kind };
    cloud = way.cloud;
  } catch (error) {
    if (isCloudError(error)) return later(error);
    throw error;
  }
  try {
    const { id, adminPass } = await createServer(cloud, newServer(creation.spec, creation.correlation));
    if (adminPass) await keep(adminPass);
    return { kind: 'accepted', serverId: id, hasPassword: adminPass !== null };
  } catch (error) {
    if (error instanceof UserError) return { kind: 'refused', said: error.message };
    if (!isCloudError(error)) throw error;
    return outcomeOf(creation.spec, error);
  }
}

function outcomeOf(spec: Spec, error: CloudError): Outcome {
  if (error.kind === 'unauthorized' || error.kind === 'mfa_required') return { kind: 'signed_out' };
  if (isAmbiguous(error)) return { kind: 'lost', said: error.serviceMessage || null };
  switch (error.kind) {
    case 'throttled':
    case 'unavailable':
    case 'timeout':
    case 'network':
      return later(error);
    default:
      return { kind: 'refused', said: refusedSentence(spec, error) };
  }
}

function later(error: CloudError | null): Outcome {
  return { kind: 'later', said: error?.serviceMessage || null, retryAfterMs: error?.retryAfterMs ?? null };
}
