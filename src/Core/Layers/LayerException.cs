namespace ImageScan.Core.Layers;

/// <summary>A layer that was not read to its end. The message says what is wrong with it, in one sentence for people.</summary>
public abstract class LayerException : Exception
{
    private protected LayerException(string message)
        : base(message)
    {
    }

    private protected LayerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
