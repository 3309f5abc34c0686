import { serveThread } from '../../background/thread-serve.js';
import { analyse, type CrackSearch } from './analyse.js';

serveThread((search: CrackSearch) => Promise.resolve({ output: analyse(search), transfer: [] }));
