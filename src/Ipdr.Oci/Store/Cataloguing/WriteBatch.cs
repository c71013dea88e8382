namespace Ipdr.Oci.Store.Cataloguing;

/// <summary>A time in which nobody is told that anything is stored: what is written then outlives a kill at once, and a power failure from the end on.</summary>
internal sealed class WriteBatch : IDisposable
{
    private readonly Catalogue _catalogue;
    private bool _ended;

    public WriteBatch(Catalogue catalogue)
    {
        _catalogue = catalogue;
        catalogue.EnterBatch();
    }

    /// <summary>Makes all of it outlive a power failure.</summary>
    /// <exception cref="Faults.IpdrException">The volume is full or fails.</exception>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        _catalogue.LeaveBatch();
    }
}
