package io.adjoint.nn.data;

/** Makes the batches of one epoch over a data set. */
record DatasetBatches<B>(BatchSource<?, B> source, EpochOrder epoch) implements BatchMaker<B> {
    @Override
    public String loader() {
        return "DataLoader";
    }

    @Override
    public int position() {
        return epoch.position();
    }

    @Override
    public void taken() {
        epoch.taken();
    }

    @Override
    public boolean hasBatch() {
        return !epoch.isOver();
    }

    @Override
    public boolean mayHave(int number) {
        return number < epoch.size();
    }

    @Override
    public B make(int number) {
        return epoch.batch(source, number);
    }
}
