namespace ImageScan.Core.Images;

/// <summary>What an image's history says of its layers.</summary>
public static class ImageHistory
{
    private static readonly string[] ShellPrefixes = ["/bin/sh -c #(nop)", "/bin/sh -c "];

    private static readonly string[] Instructions =
    [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN",
        "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ];

    /// <summary>
    /// The place in the history, empty steps counted, of each layer of the manifest, oldest first. Shorter than the manifest's list when
    /// the history tells of fewer layers than there are.
    /// </summary>
    public static IReadOnlyList<int> LayerIndexes(ImageConfig config) =>
        [.. config.History.Index().Where(step => !step.Item.EmptyLayer).Select(step => step.Index)];

    /// <summary>
    /// Splits the text of a history entry into a Dockerfile's instruction and the rest. What has no instruction was a RUN
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/registries/docker/metadata_v1.go).
    /// </summary>
    public static (string Instruction, string Value) SplitStep(string createdBy)
    {
        string line = createdBy.Trim();
        foreach (string prefix in ShellPrefixes)
        {
            line = line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..] : line;
        }

        line = line.Trim();
        return Instructions.FirstOrDefault(word => line.StartsWith(word, StringComparison.Ordinal)) is not { } instruction ? ("RUN", line)
            : line.StartsWith($"{instruction} ", StringComparison.Ordinal) ? (instruction, line[(instruction.Length + 1)..])
            : (instruction, line);
    }
}
