# The host side of the CUDA engine. It compiles twice: into the module, and against stand-ins of CUDA for the tests.
set(NIB_CUDA_ENGINE_SOURCES
    batch_loader.cpp batches.cpp convolution_block.cpp cuda_engine.cpp dense_block.cpp dropout_block.cpp evaluation_call.cpp
    first_convolution_block.cpp pool_block.cpp parameter_store.cpp program.cpp resident_images.cpp softmax_head.cpp step.cpp
    streamed_images.cpp tail_head.cpp training_call.cpp
    library/check.cpp library/context.cpp library/convolution.cpp library/convolution_pass.cpp library/graph.cpp library/handle.cpp library/lane.cpp library/library_choices.cpp
    library/matrix_product.cpp library/memory.cpp library/pooling.cpp)
