namespace ImageScan.EndToEnd.Reliability;

/// <summary>What can happen to one request on its way to the storage account and back.</summary>
internal enum StorageFault
{
    /// <summary>503 ServerBusy, nothing done: https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes.</summary>
    Busy,

    /// <summary>The connection breaks before the request has arrived.</summary>
    Unsent,

    /// <summary>It is done, and the connection breaks before the answer: whoever repeats it meets a conflict with himself.</summary>
    AnswerLost,

    /// <summary>It is done, and the answer is 500 OperationTimedOut, after which it "may or may not have succeeded", as the page above says.</summary>
    TimedOut,

    /// <summary>It takes longer.</summary>
    Slow,

    /// <summary>A message is acknowledged and never comes.</summary>
    MessageDropped,

    /// <summary>A message is there twice.</summary>
    MessageTwice,

    /// <summary>A message is acknowledged and is there later, after those that were sent after it.</summary>
    MessageLate,
}

/// <summary>What happens to one request.</summary>
/// <param name="Fault">What.</param>
/// <param name="Length">How long it takes, if it takes time.</param>
internal readonly record struct StorageMishap(StorageFault Fault, TimeSpan Length);
