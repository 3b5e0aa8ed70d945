namespace ImageScan.Core.Scans.Suppression;

/// <summary>Why something about exceptions or snoozed CVEs is not done.</summary>
public enum SuppressionRefusal
{
    /// <summary>What was asked can never be done.</summary>
    Invalid,

    /// <summary>There is no such exception.</summary>
    Unknown,

    /// <summary>An exception in force has it already.</summary>
    AlreadyCovered,

    /// <summary>It is another's.</summary>
    NotAllowed,

    /// <summary>It has been decided, is over, or is of the other kind.</summary>
    WrongState,
}

/// <summary>Something about exceptions or snoozed CVEs is not done; the message is for the caller, in StackRox's words where it has some.</summary>
public sealed class SuppressionRefusedException(SuppressionRefusal refusal, string message) : Exception(message)
{
    public SuppressionRefusal Refusal { get; } = refusal;

    /// <summary>The same, said from further away: <c>OUTER: message</c>, as wrapped errors of Go read.</summary>
    public SuppressionRefusedException In(string outer) => new(Refusal, $"{outer}: {Message}");
}
