import { writeFileSync } from 'node:fs';
import prettier from 'prettier';
import { exampleFile, settingsPage } from './settings-pages.js';

/** Writes `.env.example` and `docs/settings.md` anew from the table of settings. */
writeFileSync('.env.example', exampleFile());
const options = await prettier.resolveConfig('docs/settings.md');
writeFileSync('docs/settings.md', await prettier.format(settingsPage(), { ...options, filepath: 'docs/settings.md' }));
