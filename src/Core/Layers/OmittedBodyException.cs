namespace ImageScan.Core.Layers;

/// <summary>
/// A bundle has not kept what is wanted of it. The layer itself has it, so this is about the copy and is no <see cref="LayerException"/>. The
/// message says what is wanted, in one sentence for people.
/// </summary>
public sealed class OmittedBodyException(string message) : Exception(message);
