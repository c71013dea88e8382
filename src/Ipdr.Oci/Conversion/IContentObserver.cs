namespace Ipdr.Oci.Conversion;

/// <summary>Is told which contents a conversion, verification or copy is reading. Calls come from several threads.</summary>
public interface IContentObserver
{
    /// <summary>Content is about to be read; its counter moves from now on.</summary>
    void Started(ContentProgress content);

    /// <summary>The content is done.</summary>
    void Finished(ContentProgress content);
}
