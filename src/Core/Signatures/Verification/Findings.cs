using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>What has come out so far of verifying the signatures of one image.</summary>
internal sealed class Findings
{
    /// <summary>What is said in place of an exception that nobody has thought of, which may hold anything.</summary>
    public const string Surprise = "something unexpected went wrong while verifying";

    /// <summary>The names for which somebody trusted has signed.</summary>
    public SortedSet<string> Verified { get; } = new(StringComparer.Ordinal);

    public List<UnverifiedException> Faults { get; } = [];

    /// <summary>
    /// What all faults together come to. A wrong integration is what its owner must hear first. Then one signature that could be looked at and
    /// is not trusted says more than those that could not; an algorithm that is not known may yet be a good signature, a corrupted one is none.
    /// </summary>
    public VerificationOutcome Outcome
    {
        get
        {
            VerificationOutcome[] byWeight =
                [VerificationOutcome.Error, VerificationOutcome.Failed, VerificationOutcome.InvalidAlgorithm, VerificationOutcome.Corrupted];
            return byWeight.FirstOrDefault(outcome => Faults.Any(fault => fault.Outcome == outcome), VerificationOutcome.Failed);
        }
    }

    /// <summary>All faults as one text; "" if there are none.</summary>
    public string Description => Faults.Count > 0 ? GoErrors.Join([.. Faults.Select(fault => fault.Message)]) : "";

    /// <summary>Whether every name is verified, so that nothing more can be found.</summary>
    public bool HasAll(IReadOnlyList<ImageReference> names) => Verified.Count > 0 && names.All(name => Verified.Contains(name.FullName));

    /// <summary>
    /// Takes a step and notes what is wrong with it, so that the steps after it have their chance, even if it takes a library by surprise. Throws
    /// <see cref="OperationCanceledException"/> only.
    /// </summary>
    public async Task NoteAsync(string what, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (UnverifiedException e)
        {
            Faults.Add(e.Of(what));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Faults.Add(UnverifiedException.Error(Surprise).Of(what));
        }
    }
}
