using System.Globalization;
using System.Text;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// A log's word on its tree: a signed note (https://github.com/C2SP/C2SP/blob/main/signed-note.md) whose lines are the log's name, the
/// number of entries and the root (https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md).
/// </summary>
internal static class Checkpoint
{
    private const int MaxCharacters = 16 * 1024;
    private const int MaxSignatures = 16;

    /// <summary>Whether the key's log says that its tree is this one.</summary>
    public static bool Says(string note, VerifyingKey key, RekorInclusion proof)
    {
        int end = note.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || note.Length > MaxCharacters)
        {
            return false;
        }

        string text = note[..(end + 1)];
        string[] lines = text.Split('\n');
        return lines.Length >= 4
            && lines[1] == proof.TreeSize.ToString(CultureInfo.InvariantCulture)
            && SignatureJson.TryBase64(lines[2]) is { } root
            && root.AsSpan().SequenceEqual(proof.Root)
            && note[(end + 2)..].Split('\n').Take(MaxSignatures).Any(line => IsSigned(line, text, key));
    }

    // "— NAME BASE64", of which the first four bytes are a hint at the key; Rekor takes those of its log's id.
    private static bool IsSigned(string line, string text, VerifyingKey key) =>
        line.StartsWith("— ", StringComparison.Ordinal)
        && SignatureJson.TryBase64(line[(line.LastIndexOf(' ') + 1)..]) is { Length: > 4 } signature
        && key.Verifies(Encoding.UTF8.GetBytes(text), signature.AsSpan(4));
}
