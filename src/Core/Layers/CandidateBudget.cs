namespace ImageScan.Core.Layers;

/// <summary>Counts the files of one layer that are opened against <see cref="LayerLimits"/>.</summary>
public sealed class CandidateBudget(LayerLimits limits)
{
    private long _spent;

    /// <summary>
    /// Takes the file's bytes off the budget. False, taking nothing, if the file is over a limit: then it is not opened, and
    /// <paramref name="refusal"/> is the sentence that says so in the result.
    /// </summary>
    public bool TryAdmit(LayerEntry file, out string refusal)
    {
        refusal = "";
        if (file.Size > limits.CandidateFileBytes)
        {
            refusal = RefusalOf(file, "a file", nameof(LayerLimits.CandidateFileBytes), limits.CandidateFileBytes);
            return false;
        }

        if (file.Size > limits.CandidateLayerBytes - _spent)
        {
            refusal = RefusalOf(file, "the files of a layer", nameof(LayerLimits.CandidateLayerBytes), limits.CandidateLayerBytes);
            return false;
        }

        _spent += file.Size;
        return true;
    }

    private static string RefusalOf(LayerEntry file, string what, string limit, long value) => FormattableString.Invariant(
        $"The file of {file.Size} bytes was not read: the limit for {what} is {value}, set by Limits__{limit}.");
}
