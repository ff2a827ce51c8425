// What the card of a new server offers; whoever clicks acts with their own rights. Pure.
import type { ActionsBlockElement } from '@slack/types';
import type { Creation } from '../../creation/creation.ts';
import { runButton } from '../buttons.ts';
import { remove } from '../server/delete.ts';
import { exactLine } from '../grammar/parse.ts';
import { plainName } from '../server/words.ts';
import { show } from '../server/show.ts';

export function creationButtons({ state, server, spec }: Creation): ActionsBlockElement[] {
  if (!server || state === 'ordering' || state === 'failed') return [];
  const name = plainName({ id: server.id, name: spec.name });
  const look = runButton({
    id: 'show',
    text: 'Show',
    label: `Show the server ${name}`,
    line: exactLine(show, { server: server.id }),
  });
  if (state !== 'error') return [look];
  // It asks once more before anything is deleted.
  const line = exactLine(remove, { server: server.id });
  return [look, runButton({ id: 'delete', text: 'Delete', label: `Delete the server ${name}`, style: 'danger', line })];
}
