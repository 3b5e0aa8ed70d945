namespace ImageScan.Core.Signatures;

/// <summary>Why a signature does not count, on its way to a <see cref="VerificationResult"/>; never leaves this room.</summary>
internal sealed class UnverifiedException(VerificationOutcome outcome, string message) : Exception(message)
{
    public VerificationOutcome Outcome { get; } = outcome;

    /// <summary>As <see cref="VerificationResult.MayPass"/>.</summary>
    public bool MayPass { get; private init; }

    public static UnverifiedException Failed(string message) => new(VerificationOutcome.Failed, message);

    public static UnverifiedException Corrupted(string message) => new(VerificationOutcome.Corrupted, message);

    public static UnverifiedException InvalidAlgorithm(string message) => new(VerificationOutcome.InvalidAlgorithm, message);

    public static UnverifiedException Error(string message) => new(VerificationOutcome.Error, message);

    /// <summary>Failed for now: what stood in the way may pass.</summary>
    public static UnverifiedException FailedForNow(string message) => new(VerificationOutcome.Failed, message) { MayPass = true };

    /// <summary>The same of something, whose name comes before it.</summary>
    public UnverifiedException Of(string what) => new(Outcome, $"{what}: {Message}") { MayPass = MayPass };
}
