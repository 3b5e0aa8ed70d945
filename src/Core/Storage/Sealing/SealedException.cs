namespace ImageScan.Core.Storage.Sealing;

/// <summary>A secret cannot be sealed, or what was sealed cannot be opened. The message says which setting mends it, and nothing of the secret.</summary>
public sealed class SealedException(string message) : Exception(message);
