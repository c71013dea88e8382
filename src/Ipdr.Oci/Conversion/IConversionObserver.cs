namespace Ipdr.Oci.Conversion;

/// <summary>Is told what a conversion is doing. Calls come from several threads.</summary>
public interface IConversionObserver
{
    /// <summary>Content is about to be read; its counter moves from now on.</summary>
    void Started(ContentProgress content);

    /// <summary>The content is done.</summary>
    void Finished(ContentProgress content);
}
