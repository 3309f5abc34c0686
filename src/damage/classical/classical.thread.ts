import { task } from '../../threads/thread-serve.js';
import { searchCracks, type CrackSearch } from './search-cracks.js';

export default task((search: CrackSearch) => Promise.resolve({ output: searchCracks(search), transfer: [] }));
