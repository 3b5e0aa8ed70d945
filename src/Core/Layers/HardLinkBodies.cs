using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ImageScan.Core.Layers;

/// <summary>
/// Finds the bodies of hard links that a detector wants. A link names a file that has already passed, so the layer is walked once more;
/// rare enough to be cheaper than keeping bodies in case.
/// </summary>
/// <remarks>
/// First walk: call <see cref="See"/> or <see cref="Want"/> for every hard link. Then, if <see cref="Any"/>, open the blob again, go
/// through <see cref="Read"/> to its end, and report what is <see cref="Missing"/>.
/// </remarks>
public sealed class HardLinkBodies(LayerLimits limits)
{
    // Hashes (XXH3), since a layer may have a million links of 4096 bytes; a clash only keeps a body that nobody asks for.
    private readonly List<(ulong Path, ulong Target)> _links = [];
    private readonly Dictionary<int, LayerEntry> _wanted = [];
    private readonly List<LayerWarning> _missing = [];
    private long _wantedBytes;
    private long _heldBytes;

    /// <summary>Whether there is a link to read the layer again for.</summary>
    public bool Any => _wanted.Count > 0;

    /// <summary>The wanted links for which no body was found, and why; complete after <see cref="Read"/>.</summary>
    public IReadOnlyList<LayerWarning> Missing => _missing;

    /// <summary>Takes note of a hard link that nobody wants: a wanted one may name it.</summary>
    public void See(LayerEntry link) => _links.Add((HashOf(link.Path), HashOf(link.LinkTarget!)));

    /// <summary>
    /// Takes note of a hard link whose body is wanted, and of its <see cref="LayerWalker.Position"/>. Throws
    /// <see cref="LayerLimitException"/> if the names alone are more than <see cref="LayerLimits.LinkedBytes"/>.
    /// </summary>
    public void Want(LayerEntry link, int position)
    {
        See(link);
        _wanted.Add(position, link);
        _wantedBytes += (link.Path.Length + link.LinkTarget!.Length) * sizeof(char);
        if (_wantedBytes > limits.LinkedBytes)
        {
            throw new LayerLimitException("has too many hard links to read", nameof(LayerLimits.LinkedBytes), limits.LinkedBytes);
        }
    }

    /// <summary>
    /// Walks the layer again and hands out each wanted link as a file: with the body of the last file at its target before it, also when
    /// that is a hard link itself. Throws as <see cref="LayerWalker.MoveNext"/> does; until it has ended, the digest is not checked.
    /// </summary>
    /// <param name="again">A new walker over the same blob, opened afresh.</param>
    public IEnumerable<LinkedBody> Read(LayerWalker again) => ReadInto(again, bundle: null);

    /// <summary>As <see cref="Read"/>, and writes every entry into a bundle, with the bodies that were looked for.</summary>
    internal IEnumerable<LinkedBody> ReadInto(LayerWalker again, BundleWriter? bundle)
    {
        HashSet<ulong> targets = FindTargets();
        var bodies = new Dictionary<string, Body>(StringComparer.Ordinal);
        while (_wanted.Count > 0 && again.MoveNext())
        {
            LayerEntry entry = again.Current;
            Body linked = entry.Kind == LayerEntryKind.HardLink
                ? bodies.GetValueOrDefault(entry.LinkTarget!, Body.NotHere)
                : Body.NotHere;
            if (_wanted.TryGetValue(again.Position, out LayerEntry? link) && link == entry)
            {
                _wanted.Remove(again.Position);
                if (TryHandOut(link, linked, out LinkedBody? body))
                {
                    yield return body;
                }
            }

            // Whiteouts are about lower layers only.
            bool isTarget = entry.Kind is not (LayerEntryKind.Whiteout or LayerEntryKind.OpaqueFolder) && targets.Contains(HashOf(entry.Path));
            if (isTarget)
            {
                bodies[entry.Path] = entry.Kind == LayerEntryKind.File ? Hold(entry, again.Content) : linked;
            }

            bundle?.AddFile(entry, isTarget && entry.Kind == LayerEntryKind.File ? bodies[entry.Path].Bytes : []);
        }

        while (bundle is { Refusal: null } && again.MoveNext())
        {
            bundle.Add(again.Current);
        }

        again.SkipToEnd();
        foreach (LayerEntry link in _wanted.Values)
        {
            _missing.Add(new LayerWarning(link.Path, "The hard link was not found when the layer was read again."));
        }

        _wanted.Clear();
    }

    private bool TryHandOut(LayerEntry link, Body body, [NotNullWhen(true)] out LinkedBody? file)
    {
        if (body.Bytes is null)
        {
            _missing.Add(new LayerWarning(link.Path, $"The hard link to '{link.LinkTarget}' was not read: {body.Problem}"));
            file = null;
            return false;
        }

        LayerEntry entry = link with { Kind = LayerEntryKind.File, LinkTarget = null, Size = body.Bytes.Length };
        file = new LinkedBody(entry, new MemoryStream(body.Bytes, writable: false));
        return true;
    }

    // What wanted links name, what links of those names name, and so on: each link is followed once, so loops end.
    private HashSet<ulong> FindTargets()
    {
        ILookup<ulong, ulong> targetsOf = _links.ToLookup(link => link.Path, link => link.Target);
        var found = new HashSet<ulong>();
        var open = new Stack<ulong>(_wanted.Values.Select(link => HashOf(link.LinkTarget!)));
        while (open.TryPop(out ulong target))
        {
            if (found.Add(target))
            {
                foreach (ulong next in targetsOf[target])
                {
                    open.Push(next);
                }
            }
        }

        return found;
    }

    private Body Hold(LayerEntry file, Stream content)
    {
        if (file.Size > limits.LinkedBytes - _heldBytes)
        {
            return new Body(null, FormattableString.Invariant(
                $"the limit for such bodies of a layer is {limits.LinkedBytes} bytes, set by Limits__{nameof(LayerLimits.LinkedBytes)}."));
        }

        _heldBytes += file.Size;
        var bytes = new byte[file.Size];
        content.ReadExactly(bytes);
        return new Body(bytes, "");
    }

    private static ulong HashOf(string path) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(path.AsSpan()));

    private sealed record Body(byte[]? Bytes, string Problem)
    {
        public static Body NotHere { get; } = new(null, "the layer has no such file before it.");
    }
}
