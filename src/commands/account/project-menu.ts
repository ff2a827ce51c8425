// A menu of projects. Pure.
import type { StaticSelect } from '@slack/types';
import type { Project } from '../../auth/sessions.ts';
import { HERE, lineMenu } from '../buttons.ts';
import { quoteWord } from '../grammar/tokens.ts';
import { shortName } from '../server/words.ts';

/** Each choice carries the line that chooses the project by its id. Null without projects. */
export function projectMenu(projects: readonly Project[]): StaticSelect | null {
  const choices = projects.map((project) => ({
    text: shortName(project.name) || project.id,
    value: `project ${quoteWord(project.id)}`,
    ...described(project, projects),
  }));
  return lineMenu({ actionId: `${HERE}:project`, placeholder: 'Choose a project', choices, room: 10_000 });
}

/** Names are unique within a domain only, and a domain's name is known once a token was had for its project. */
function described({ id, name, domainName }: Project, all: readonly Project[]): { description?: string } {
  if (domainName !== null) return { description: `domain ${shortName(domainName)}` };
  const hasTwin = all.some((other) => other.id !== id && other.name === name);
  return hasTwin ? { description: `id ${shortName(id)}` } : {};
}
