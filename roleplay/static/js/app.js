import "./theme-choice.js";
import "./toasts.js";
import "./menus.js";
import "./dialogs.js";
import "./copy-button.js";
import "./relative-time.js";
import "./forms.js";
import "./kept-form.js";
