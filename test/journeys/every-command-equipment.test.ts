// Of the table of every command the part that is named like this file.
import { playPart } from './every-command/play.ts';

playPart('every-command-equipment');
