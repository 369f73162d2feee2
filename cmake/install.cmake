# What `cmake --install BUILD --prefix PREFIX` puts where: the program, the data sets that come with it, manual pages and
# completion, which the program itself writes. The program finds its data from wherever it lies, so any prefix will do.
include(GNUInstallDirs)

set(pages ${PROJECT_BINARY_DIR}/pages)
set(shells bash zsh fish)
set(write_completion "")
foreach(shell IN LISTS shells)
  list(APPEND write_completion COMMAND nib completion ${shell} > ${pages}/completion.${shell})
endforeach()
add_custom_command(OUTPUT ${pages}/man1/nib.1
                   COMMAND ${CMAKE_COMMAND} -E rm -rf ${pages}
                   COMMAND nib help --man ${pages}/man1
                   ${write_completion}
                   DEPENDS nib COMMENT "Writing manual pages and completion")
add_custom_target(nib_pages ALL DEPENDS ${pages}/man1/nib.1)

install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/LICENSE
        DESTINATION share/doc/nib)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION share/doc/nib)
install(TARGETS nib RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Beside the program, see src/data/places.cpp.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/data/mnist ${PROJECT_SOURCE_DIR}/data/parity DESTINATION share/nib)
install(DIRECTORY ${pages}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${pages}/completion.bash DESTINATION share/bash-completion/completions RENAME nib)
install(FILES ${pages}/completion.zsh DESTINATION share/zsh/site-functions RENAME _nib)
install(FILES ${pages}/completion.fish DESTINATION share/fish/vendor_completions.d RENAME nib.fish)
include(${CMAKE_CURRENT_LIST_DIR}/library.cmake)
