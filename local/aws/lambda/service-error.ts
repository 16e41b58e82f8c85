/** The exceptions of the Lambda API that an invocation can be refused with. */
export type ServiceErrorName =
  "RequestTooLargeException" | "ResourceNotFoundException" | "ServiceException" | "TooManyRequestsException";

/** An invocation that the service refused or could not carry out. Its name is that of the Lambda API's exception. */
export class LambdaServiceError extends Error {
  constructor(name: ServiceErrorName, message: string) {
    super(message);
    this.name = name;
  }
}
