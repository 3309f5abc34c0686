import { render } from 'preact';
import { App } from './app.js';
import { startRouter } from './router.js';
import { readSession } from './session.js';

const place = document.getElementById('app');
if (place !== null) render(<App />, place);
startRouter();
void readSession();
