namespace ImageScan.Core.Signatures.Verification;

/// <summary>Several errors as one text, as StackRox's clients know it (https://github.com/hashicorp/go-multierror/blob/main/format.go).</summary>
internal static class GoErrors
{
    private const int MaxErrors = 20;

    /// <summary>The text: how many, and each in a line of its own, the first twenty.</summary>
    public static string Join(IReadOnlyList<string> errors)
    {
        IEnumerable<string> shown = errors.Count > MaxErrors ? [.. errors.Take(MaxErrors), $"and {errors.Count - MaxErrors} more"] : errors;
        string lines = string.Join("\n\t", shown.Select(error => $"* {error}"));
        return $"{(errors.Count == 1 ? "1 error" : $"{errors.Count} errors")} occurred:\n\t{lines}\n\n";
    }
}
