namespace ImageScan.Core.Images;

/// <summary>
/// An image could not be read where it is kept. The message says what was asked, what came back and which setting would help.
/// </summary>
public sealed class RegistryException : Exception
{
    public RegistryException(string message)
        : base(message)
    {
    }

    public RegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What kind of failure it is, for those who must decide whether to try again.</summary>
    public RegistryFailure Failure { get; init; } = RegistryFailure.Refused;

    /// <summary>The registry's status code; null if there was no answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>How long the registry asks to be left alone (Retry-After); null if it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether it is the login that was refused or cannot be used, so that another one may do.</summary>
    internal bool IsOfThisLogin => StatusCode is 401 or 403 || Failure == RegistryFailure.AccountUnusable;

    /// <summary>Whether a login was refused at a registry that others may come into without one.</summary>
    internal bool WasLoggedIn { get; set; }
}

public enum RegistryFailure
{
    /// <summary>The registry answered and said no, or what it has cannot be used.</summary>
    Refused,

    /// <summary>The registry has no such image.</summary>
    NotFound,

    /// <summary>No answer, an interrupted one, or a request to come back later.</summary>
    Unavailable,

    /// <summary>The address is one that this app does not connect to.</summary>
    AddressRefused,

    /// <summary>What came is not what its digest or size says.</summary>
    Corrupt,

    /// <summary>What is known of the registry cannot be used, so it was not asked.</summary>
    AccountUnusable,
}
