/** The page's first script, small: Python starts while the rest of the page comes. */
import { lacking } from './main/able';
import { startEarly } from './runtime/early';
import { sandboxOptions, settingsOf } from './runtime/settings';

if (!lacking().length) startEarly(sandboxOptions(settingsOf(location.search)));
