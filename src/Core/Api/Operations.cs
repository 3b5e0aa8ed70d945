namespace ImageScan.Core.Api;

/// <summary>What a caller must be allowed to do.</summary>
public enum RequiredAccess
{
    /// <summary>Nothing: open to everyone.</summary>
    None,
    Read,
    Scan,

    /// <summary>Ask for exceptions, which others decide about.</summary>
    Request,

    /// <summary>Decide which vulnerabilities are not shown.</summary>
    Approve,

    /// <summary>Change how the app works.</summary>
    Admin,
}

/// <summary>One operation of the API.</summary>
/// <param name="Name">Name of the function and of the log scope.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">Route template without a leading slash, in the form that Functions and ASP.NET share.</param>
/// <param name="Access">What the caller needs.</param>
public sealed record Operation(string Name, string Method, string Route, RequiredAccess Access)
{
    /// <summary>The route as people write it, with a leading slash; a parameter of several parts as any other.</summary>
    public string Path => Route == Routes.Page ? "/" : $"/{Route.Replace("{*", "{", StringComparison.Ordinal)}";

    /// <summary>What StackRox calls that to which access is needed, for the refusal.</summary>
    public string Resource { get; init; } = "Image";

    /// <summary>Whether it changes what others see, so that it is audited. Scans do not count: they only find out.</summary>
    public bool Changes { get; init; }

    /// <summary>Whether StackRox takes it for reading, although more than reading is needed for it here.</summary>
    public bool OnlyReads { get; init; }

    /// <summary>Whether it answers line by line; then its errors have the form that lines have.</summary>
    public bool IsStream { get; init; }

    /// <summary>Whether it speaks gRPC-Web: its answers and errors are frames, with the status among the trailers.</summary>
    public bool IsGrpc { get; init; }

    /// <summary>Whether Harbor asks it: its answers and errors have the form of a scanner adapter.</summary>
    public bool IsForHarbor { get; init; }

    /// <summary>Whether it is an addition of this app that StackRox does not have.</summary>
    public bool IsOwn { get; init; }

    /// <summary>
    /// Whether the body or the address has what proves the caller: the handler refuses who cannot, so it is no more open than others although no credential
    /// is asked for.
    /// </summary>
    public bool HasProofInBody { get; init; }

    /// <summary>Whether people open it in a browser, which asks them for a name and a password if it is told to.</summary>
    public bool IsForBrowsers { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The record that its body is read into; null if it has none.</summary>
    public Type? Body { get; init; }

    /// <summary>The record that its query parameters are read into; null if it has none.</summary>
    public Type? Parameters { get; init; }

    /// <summary>The message of <see cref="Wire"/> that it answers with; null if its answer is none.</summary>
    public Type? Answer { get; init; }
}

/// <summary>The operations of the API. Both heads offer exactly these.</summary>
public static partial class Operations
{
    public static IReadOnlyList<Operation> All => Together.All;

    // Fields of a class in several files are initialised in no order; this one when all are.
    private static class Together
    {
        public static readonly IReadOnlyList<Operation> All =
        [
            .. OfImages, .. OfExceptions, .. OfAccess, .. OfSignatures, .. OfIntegrations, .. OfDetection, .. OfGrpc,
            .. OfWebhooks, .. OfHarbor, .. OfNotifications, .. OfReports, .. OfThePage, .. OfTheApp,
        ];
    }
}
