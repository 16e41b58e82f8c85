/**
 * Whether a conditional write was done: false when DynamoDB says that its condition did not hold, and wrote nothing.
 * @throws every other error of the write.
 */
export async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if ((error as Error).name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
