import { task } from '../../threads/thread-serve.js';
import { analyse, type CrackSearch } from './analyse.js';

export default task((search: CrackSearch) => Promise.resolve({ output: analyse(search), transfer: [] }));
