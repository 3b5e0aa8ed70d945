using ImageScan.Core.Images;

namespace ImageScan.Core.Results;

/// <summary>Which of an image's layers are those of the image it was built from.</summary>
public static class BaseImage
{
    private const string NoOperation = "/bin/sh -c #(nop)";

    private static readonly string[] Starts = ["CMD", "ENTRYPOINT"];

    /// <summary>
    /// How many of the image's layers, counted from the oldest, are those of its base image; null if that cannot be told. It is a guess: an
    /// image ends by saying what it starts, so the last step of that kind with further layers behind it was the base's. A Dockerfile that
    /// says so in its middle moves the border there.
    /// </summary>
    /// <param name="config">Whose history tells it (https://github.com/opencontainers/image-spec/blob/main/config.md#properties).</param>
    /// <param name="layers">How many layers the manifest has. A history that tells of another number is not believed.</param>
    public static int? LayersOf(ImageConfig config, int layers)
    {
        int soFar = 0;
        int ofBase = 0;
        int ends = 0;
        foreach (HistoryEntry step in config.History)
        {
            if (step.EmptyLayer)
            {
                ends = SaysWhatItStarts(step.CreatedBy) ? soFar : ends;
            }
            else
            {
                ofBase = ends;
                soFar++;
            }
        }

        return ofBase > 0 && soFar == layers ? ofBase : null;
    }

    // Docker's builders write "/bin/sh -c #(nop)  CMD [...]" and "CMD [...]".
    private static bool SaysWhatItStarts(string createdBy)
    {
        string step = createdBy.StartsWith(NoOperation, StringComparison.Ordinal) ? createdBy[NoOperation.Length..] : createdBy;
        step = step.TrimStart();
        return Array.Exists(Starts, word => step.StartsWith(word, StringComparison.Ordinal) && step.Length > word.Length && step[word.Length] is ' ' or '[');
    }
}
