using System.Security.Cryptography;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>That an entry is in a log's tree.</summary>
internal static class MerkleProof
{
    /// <summary>Whether the hashes lead from the entry to the root (https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2).</summary>
    public static bool Leads(ReadOnlySpan<byte> entry, RekorInclusion proof)
    {
        if (proof.Index < 0 || proof.Index >= proof.TreeSize)
        {
            return false;
        }

        // Entries are hashed with a nought before them and nodes with a one, so that neither passes for the other.
        byte[] hash = SHA256.HashData([0, .. entry]);
        (long node, long last) = (proof.Index, proof.TreeSize - 1);
        foreach (byte[] beside in proof.Hashes)
        {
            if (last == 0 || beside.Length != SHA256.HashSizeInBytes)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = SHA256.HashData([1, .. beside, .. hash]);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                hash = SHA256.HashData([1, .. hash, .. beside]);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && hash.AsSpan().SequenceEqual(proof.Root);
    }
}
