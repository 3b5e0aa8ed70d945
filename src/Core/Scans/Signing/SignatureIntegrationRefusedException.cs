namespace ImageScan.Core.Scans.Signing;

/// <summary>Why nothing is done about a signature integration.</summary>
public enum SignatureIntegrationRefusal
{
    /// <summary>It is not as one must be.</summary>
    Invalid,

    /// <summary>There is no such integration.</summary>
    Unknown,

    /// <summary>Another has its name.</summary>
    NameTaken,

    /// <summary>There are as many as are kept.</summary>
    TooMany,

    /// <summary>Policies ask for its signatures.</summary>
    Referenced,
}

/// <summary>Nothing is done about a signature integration; the message is for the caller, in StackRox's words where it has some.</summary>
public sealed class SignatureIntegrationRefusedException(SignatureIntegrationRefusal refusal, string message) : Exception(message)
{
    public SignatureIntegrationRefusal Refusal { get; } = refusal;

    /// <summary>The same, said from further away: <c>OUTER: message</c>, as wrapped errors of Go read.</summary>
    public SignatureIntegrationRefusedException In(string outer) => new(Refusal, $"{outer}: {Message}");
}
