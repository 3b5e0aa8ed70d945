namespace ImageScan.Core.Signatures;

/// <summary>What a registry had to say about who signed an image.</summary>
/// <param name="Signatures">The signatures, each once, in the order in which they were found; empty if there are none.</param>
/// <param name="Problems">What could not be read or was left out, each as one safe line for logs; empty if all went well.</param>
/// <param name="IsComplete">False if the registry could not be asked for all of it, so that asking again may find more.</param>
public sealed record FetchedSignatures(IReadOnlyList<CosignSignature> Signatures, IReadOnlyList<string> Problems, bool IsComplete = true);
