import { canaryId } from "../../../../functions/shared/reserved-items";
import { withTrimmedTexts } from "../../../../functions/tickets/field-rules";
import { uiState } from "../../../../ui/sources";

export const names = [canaryId, withTrimmedTexts, uiState].map(({ name }) => name);
