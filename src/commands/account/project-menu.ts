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
    ...(project.domainName !== null && { description: `domain ${shortName(project.domainName)}` }),
  }));
  return lineMenu({ actionId: `${HERE}:project`, placeholder: 'Choose a project', choices, room: 10_000 });
}
