using System.Text;

namespace ImageScan.Core.Layers;

/// <summary>Paths of archive entries, brought below the image's root as a runtime does that unpacks them.</summary>
internal static class LayerPath
{
    /// <summary>
    /// The path without leading and repeated slashes, <c>.</c> and <c>..</c> (which stops at the root); "" for the root. Throws
    /// <see cref="LayerLimitException"/>.
    /// </summary>
    public static string Normalize(ReadOnlySpan<byte> raw, LayerLimits limits)
    {
        CheckLength(raw, limits);
        raw = TrimEnds(raw);
        string path = NeedsSegments(raw) ? JoinSegments(raw) : Decode(raw);
        return path.AsSpan().Count('/') < limits.PathDepth
            ? path
            : throw new LayerLimitException("has a path in too many folders", nameof(LayerLimits.PathDepth), limits.PathDepth);
    }

    /// <summary>The text of a symbolic link, as written. Throws <see cref="LayerLimitException"/>.</summary>
    public static string Text(ReadOnlySpan<byte> raw, LayerLimits limits)
    {
        CheckLength(raw, limits);
        return Decode(raw);
    }

    private static void CheckLength(ReadOnlySpan<byte> raw, LayerLimits limits)
    {
        if (raw.Length > limits.PathLength)
        {
            throw new LayerLimitException($"has a path or link of {raw.Length} bytes", nameof(LayerLimits.PathLength), limits.PathLength);
        }
    }

    private static ReadOnlySpan<byte> TrimEnds(ReadOnlySpan<byte> raw)
    {
        raw = raw.Trim((byte)'/');
        while (raw.StartsWith("./"u8))
        {
            raw = raw[2..].TrimStart((byte)'/');
        }

        return raw;
    }

    // True also for some clean paths, such as "root/.profile": those only take the slower way.
    private static bool NeedsSegments(ReadOnlySpan<byte> trimmed) =>
        trimmed.StartsWith((byte)'.') || trimmed.IndexOf("/."u8) >= 0 || trimmed.IndexOf("//"u8) >= 0;

    private static string JoinSegments(ReadOnlySpan<byte> trimmed)
    {
        var segments = new List<string>();
        foreach (Range range in trimmed.Split((byte)'/'))
        {
            ReadOnlySpan<byte> segment = trimmed[range];
            if (segment.SequenceEqual(".."u8))
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (!segment.IsEmpty && !segment.SequenceEqual("."u8))
            {
                segments.Add(Decode(segment));
            }
        }

        return string.Join('/', segments);
    }

    // What is no UTF-8, and NUL, which no path has, comes out as U+FFFD.
    private static string Decode(ReadOnlySpan<byte> raw) => Encoding.UTF8.GetString(raw).Replace('\0', '\uFFFD');
}
